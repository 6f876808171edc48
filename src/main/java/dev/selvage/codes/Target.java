package dev.selvage.codes;

import dev.selvage.mail.Channel;

/// What a code is sent to, and whom it signs in. Of two codes for one address or number the newer one alone is good.
///
/// @param channel   how the code travels
/// @param address   an email address as [dev.selvage.users.Contacts#email] gives it, or a number in E.164 form
/// @param subjectId whom the code signs in; empty in a discovery flow, which proves an address alone
public record Target(Channel channel, String address, String subjectId) {

    /// An email address. There is one code for it, whoever it is for: a new one ends those of other holders too
    /// (comment of `otps.email.login_or_signup`).
    public static Target email(String address, String subjectId) {
        return new Target(Channel.EMAIL, address, subjectId);
    }

    /// An email address that is nobody's yet.
    public static Target discovery(String address) {
        return email(address, "");
    }

    /// A phone number of one subject. The same number of somebody else is another target.
    public static Target sms(String number, String subjectId) {
        return new Target(Channel.SMS, number, subjectId);
    }

    /// The `target` of its row.
    String key() {
        return channel == Channel.EMAIL ? address : address + " " + subjectId;
    }

    /// Without the address.
    @Override
    public String toString() {
        return "Target[" + channel + "]";
    }
}

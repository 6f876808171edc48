package dev.selvage.codes;

import dev.selvage.messages.Channel;

/// What a code is sent to, and whom it signs in. Of two codes for one address or number of somebody the newer
/// one alone is good. The same address of somebody else is another target: a code that one organization sends
/// ends none of another.
///
/// @param channel   how the code travels
/// @param address   an email address as [dev.selvage.users.Contacts#email] gives it, or a number in E.164 form
/// @param subjectId whom the code signs in; empty in a discovery flow, which proves an address alone
public record Target(Channel channel, String address, String subjectId) {

    /// An email address of one subject.
    public static Target email(String address, String subjectId) {
        return new Target(Channel.EMAIL, address, subjectId);
    }

    /// An email address that is nobody's yet.
    public static Target discovery(String address) {
        return email(address, "");
    }

    /// A phone number of one subject.
    public static Target sms(String number, String subjectId) {
        return new Target(Channel.SMS, number, subjectId);
    }

    /// The `target` of its row.
    String key() {
        return subjectId.isEmpty() ? address : address + " " + subjectId;
    }

    /// Without the address.
    @Override
    public String toString() {
        return "Target[" + channel + "]";
    }
}

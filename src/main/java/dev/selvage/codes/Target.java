package dev.selvage.codes;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.messages.Channel;

/// The recipient of a code and the subject that it signs in. Of two codes for the same target, only the newer
/// one is valid. The same address of another subject is another target, so a code from one organization does
/// not replace that of another.
///
/// @param channel   delivery channel
/// @param address   email address or phone number in E.164
///                  form
/// @param subjectId subject that the code signs in; empty in a discovery flow, which proves the address only
public record Target(Channel channel, String address, String subjectId) {

    /// Returns the target for an email address of a subject.
    public static Target email(EmailAddress address, String subjectId) {
        return new Target(Channel.EMAIL, address.value(), subjectId);
    }

    /// Returns the target for an email address in a discovery flow.
    public static Target discovery(EmailAddress address) {
        return email(address, "");
    }

    /// Returns the target for a phone number of a subject.
    public static Target sms(String number, String subjectId) {
        return new Target(Channel.SMS, number, subjectId);
    }

    /// The `target` column of its row.
    String key() {
        return subjectId.isEmpty() ? address : address + " " + subjectId;
    }

    /// Without the address.
    @Override
    public String toString() {
        return "Target[" + channel + "]";
    }
}

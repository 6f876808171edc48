package dev.selvage.contacts;

/// By what messages reach a person: an email address or a phone number.
public sealed interface Contact permits EmailAddress, PhoneNumber {

    /// The form in which it is stored and compared.
    String value();
}

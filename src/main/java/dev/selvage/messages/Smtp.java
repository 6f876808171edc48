package dev.selvage.messages;

import java.util.Optional;

/// The mail server that messages are handed to.
///
/// @param security `none`, `starttls` or `tls`
/// @param user     empty: no login
/// @param from     the sender's address where a project names none
/// @param helo how this server calls itself in its greeting (`EHLO`, RFC 5321 4.1.1.1): a host name, or an IP
///         address in brackets
public record Smtp(
        String host,
        int port,
        String security,
        Optional<String> user,
        Optional<String> password,
        String from,
        String helo) {

    /// Without user and password.
    @Override
    public String toString() {
        return host + ":" + port;
    }
}

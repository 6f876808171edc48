package dev.selvage.messages;

import java.util.Optional;

/// The mail server of the operator.
///
/// @param security `none`, `starttls` or `tls`
/// @param user     empty for no authentication
/// @param from     default sender address, for projects without one
/// @param helo     name of this server in its greeting (`EHLO`, RFC 5321, 4.1.1.1): a host name, or an IP
///                 address in brackets
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

package dev.selvage.mail;

import java.util.Optional;

/// The SMTP server that mail is handed to.
///
/// @param security `none`, `starttls` or `tls`
public record Smtp(String host, int port, String security, Optional<String> user, Optional<String> password, String from) {

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

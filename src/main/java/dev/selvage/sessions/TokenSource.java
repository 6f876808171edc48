package dev.selvage.sessions;

/// The source of a session's token. Its `toString` omits the secret.
public sealed interface TokenSource {

    /// The token itself: newly created, or sent by the call.
    record Known(String token) implements TokenSource {

        @Override
        public String toString() {
            return "Known";
        }
    }

    /// The sealed token of the row.
    ///
    /// @param bytes from [SessionTokens#seal]
    record Sealed(byte[] bytes) implements TokenSource {

        @Override
        public String toString() {
            return "Sealed";
        }
    }
}

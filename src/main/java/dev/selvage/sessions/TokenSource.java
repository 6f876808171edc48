package dev.selvage.sessions;

/// What a session's token is told from. Its text holds nothing of it.
public sealed interface TokenSource {

    /// The token itself: just made, or given by the call.
    record Known(String token) implements TokenSource {

        @Override
        public String toString() {
            return "Known";
        }
    }

    /// What the row holds.
    ///
    /// @param bytes as [SessionTokens] made them
    record Sealed(byte[] bytes) implements TokenSource {

        @Override
        public String toString() {
            return "Sealed";
        }
    }
}

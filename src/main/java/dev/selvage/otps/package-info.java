/// Sign-in of members by one-time passcode: sent by email or text message, or made by an authenticator app; and
/// by recovery code.
package dev.selvage.otps;

/// Sign-in of members by one-time passcode, sent by email or text message.
package dev.selvage.otps;

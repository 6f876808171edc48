/// Sign-in of members with one-time passcodes (by email, SMS or TOTP) and with recovery codes.
package dev.selvage.otps;

/// Sign-in of members with one-time passcodes (by email, SMS or TOTP) and with recovery codes.
@NullMarked
package dev.selvage.otps;

import org.jspecify.annotations.NullMarked;

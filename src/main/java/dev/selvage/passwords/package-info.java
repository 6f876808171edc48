/// Passwords of users and members: hashing, import, strength, breach list, reset, sign-in.
@NullMarked
package dev.selvage.passwords;

import org.jspecify.annotations.NullMarked;

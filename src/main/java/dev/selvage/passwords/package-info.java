/// Passwords of users and members: hashing, import, strength, breach list, reset, sign-in.
package dev.selvage.passwords;

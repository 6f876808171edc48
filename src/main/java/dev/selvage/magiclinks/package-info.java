/// Sign-in by magic link, for users and for members.
package dev.selvage.magiclinks;

/// Sign-in by magic link, for users and for members.
@NullMarked
package dev.selvage.magiclinks;

import org.jspecify.annotations.NullMarked;

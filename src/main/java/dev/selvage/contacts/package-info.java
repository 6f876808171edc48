/// Email addresses and phone numbers as values.
///
/// The package checks their form. It does not know to whom they belong.
@NullMarked
package dev.selvage.contacts;

import org.jspecify.annotations.NullMarked;

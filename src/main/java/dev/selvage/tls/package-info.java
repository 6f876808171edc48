/// Certificates: PEM files, and the local certificate authority for development.
@NullMarked
package dev.selvage.tls;

import org.jspecify.annotations.NullMarked;

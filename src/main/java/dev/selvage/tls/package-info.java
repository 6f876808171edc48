/// Certificates: PEM files, and the local authority for development.
package dev.selvage.tls;

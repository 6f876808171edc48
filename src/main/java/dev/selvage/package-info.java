/// The program as a whole: its configuration, its data directory, and `App`, which makes the engines, the
/// faces and the background work.
///
/// Owns the order in which parts are made. It decides nothing about sessions, users or requests.
package dev.selvage;

package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.passwords.HashImport;
import dev.selvage.passwords.HashImport.Argon2;
import dev.selvage.passwords.HashImport.Pbkdf2;
import dev.selvage.passwords.HashImport.Salts;
import dev.selvage.passwords.HashImport.Scrypt;

/// The fields of `passwords.migrate` that describe a hash, in both products.
public record PasswordHashFields(
        String hash,
        String hashType,
        @JsonProperty("md_5_config") Salts md5,
        @JsonProperty("argon_2_config") Argon2 argon2,
        @JsonProperty("sha_1_config") Salts sha1,
        @JsonProperty("sha_512_config") Salts sha512,
        @JsonProperty("scrypt_config") Scrypt scrypt,
        @JsonProperty("pbkdf_2_config") Pbkdf2 pbkdf2) {

    /// The domain value of the fields.
    public HashImport toImport() {
        return new HashImport(hash, hashType, md5, argon2, sha1, sha512, scrypt, pbkdf2);
    }

    /// Without the hash.
    @Override
    public String toString() {
        return "PasswordHashFields";
    }
}

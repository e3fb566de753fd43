// SHA-256 of OpenSSL's libcrypto. No logic and no stable API.
#ifndef PINFI_CCRYPTO_SHIM_H
#define PINFI_CCRYPTO_SHIM_H
#include <openssl/evp.h>

// A context that has begun a SHA-256, or null where libcrypto has none to give.
static inline EVP_MD_CTX *pinfi_sha256_begin(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1) return context;
    EVP_MD_CTX_free(context);
    return NULL;
}
#endif

package io.micado.provider.rest;

import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.Secret;
import io.micado.api.spi.UserData;
import io.micado.provider.http.HttpRequest;
import java.util.Base64;
import java.util.Optional;

/**
 * User data made ready to be sent, kept for the time of one launch. Used by the clouds of this package. Immutable; shows nothing of it.
 */
final class EncodedUserData {
    private final Secret plain;
    private final String base64;

    private EncodedUserData(Secret plain, String base64) {
        this.plain = plain;
        this.base64 = base64;
    }

    /**
     * {@return the user data of a request; empty when it has none}
     *
     * @throws io.micado.api.error.MicadoException of kind {@code CONFIGURATION} when there is more than the limit
     */
    static Optional<EncodedUserData> of(LaunchRequest request, int limit) {
        return request.userData()
                .map(plain ->
                        new EncodedUserData(plain, Base64.getEncoder().encodeToString(UserData.fit(plain, limit))));
    }

    String base64() {
        return base64;
    }

    /** {@return the request, told that an answer must not be quoted where it quotes this} */
    HttpRequest hide(HttpRequest request) {
        return request.hiding(base64).hiding(plain.reveal());
    }

    @Override
    public String toString() {
        return "user data";
    }
}

package io.micado.provider.rest;

import io.micado.api.worker.Offering;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the user calls a size that the cloud has another word for, so that a listed machine is recognised as of its offering. Held by the
 * clouds of this package, which note every offering that they see. Thread-safe.
 */
final class InstanceTypes {
    private final Map<String, String> byCloudsWord = new ConcurrentHashMap<>();

    void note(String cloudsWord, Offering offering) {
        byCloudsWord.put(cloudsWord, offering.instanceType());
    }

    /** {@return the user's word, or the cloud's where no offering is known} */
    String usersWord(String cloudsWord) {
        return byCloudsWord.getOrDefault(cloudsWord, cloudsWord);
    }
}

package io.micado.simulation;

import io.micado.api.spi.StateStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The place for what may be lost, of a simulated cluster. Called by programs on any thread; thread-safe. */
final class MemoryStateStore implements StateStore {
    private final CallFaults calls;
    private final Effects effects;
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    MemoryStateStore(CallFaults calls, Effects effects) {
        this.calls = calls;
        this.effects = effects;
    }

    @Override
    public Optional<String> load(String key) {
        return calls.call(false, () -> Optional.ofNullable(texts.get(key)));
    }

    @Override
    public void save(String key, String text) {
        calls.call(
                true,
                () -> effects.perform("state.save", key, () -> {
                    texts.put(key, text);
                    return true;
                }));
    }

    @Override
    public void delete(String key) {
        calls.call(true, () -> effects.perform("state.delete", key, () -> texts.remove(key) != null));
    }

    void forget() {
        texts.clear();
    }
}

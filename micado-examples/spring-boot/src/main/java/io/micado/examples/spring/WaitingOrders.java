package io.micado.examples.spring;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The business of this program: orders come in over HTTP and wait to be packed. Thread-safe. */
@RestController
class WaitingOrders {
    private final AtomicInteger waiting = new AtomicInteger();

    /** Takes orders. */
    @PostMapping("/orders")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void order(@RequestParam(name = "count", defaultValue = "1") int count) {
        waiting.addAndGet(Math.max(0, Math.min(count, 1_000)));
    }

    /** All of them have been packed. */
    @DeleteMapping("/orders")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void packed() {
        waiting.set(0);
    }

    int count() {
        return waiting.get();
    }
}

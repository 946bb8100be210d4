package io.micado.telemetry;

import io.micado.Micado;
import io.micado.Status;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What is reckoned of a pool of workers for those who show it. Stateless. */
public final class Fleet {
    private Fleet() {}

    /** {@return the workers of a pool} */
    public static List<Worker> workers(Status status, WorkerPool pool) {
        return status.workers().stream()
                .filter(worker -> worker.pool().equals(pool.name()))
                .toList();
    }

    /** {@return how many workers the latest decision asks for; before the first one as many as there are} */
    public static int wanted(Micado micado, WorkerPool pool, List<Worker> workers) {
        return micado.explain(TargetId.pool(pool.name())).stream()
                .findFirst()
                .map(Decision::to)
                .orElseGet(() -> (int) workers.stream()
                        .filter(worker -> worker.state().countsAsCapacity())
                        .count());
    }

    /** {@return what an hour of these workers costs; empty unless the price of each is known} */
    public static OptionalDouble pricePerHour(WorkerPool pool, List<Worker> workers) {
        Map<String, Double> prices = new HashMap<>();
        for (Offering offering : pool.offerings()) {
            offering.pricePerHour().ifPresent(price -> prices.put(offering.name(), price));
        }
        double sum = 0;
        for (Worker worker : workers) {
            Double price = worker.offering().map(prices::get).orElse(null);
            if (price == null) {
                return OptionalDouble.empty();
            }
            sum += price;
        }
        return OptionalDouble.of(sum);
    }
}

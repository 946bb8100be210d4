package io.micado.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A shop that takes orders and has its packers scaled by how many of them wait. Cluster and cloud are simulated, so that it runs
 * anywhere. Started as a program:
 *
 * <pre>{@code
 * mvn -q -Dquick -Dspring-boot -pl micado-examples/spring-boot -am compile exec:java
 * curl -X POST 'http://127.0.0.1:8080/orders?count=300'
 * curl http://127.0.0.1:8080/actuator/health
 * curl http://127.0.0.1:8080/actuator/prometheus | grep micado
 * }</pre>
 */
@SpringBootApplication
public class OrdersApplication {

    /** Runs it until it is interrupted. */
    public static void main(String[] arguments) {
        SpringApplication.run(OrdersApplication.class, arguments);
    }
}

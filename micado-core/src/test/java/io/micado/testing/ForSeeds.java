package io.micado.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A test that takes a seed and is run for so many seeds; {@code -Dmicado.seed=N} runs that one alone. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "-Dmicado.seed={0}")
@ArgumentsSource(ForSeeds.Source.class)
public @interface ForSeeds {
    /** {@return how many} */
    int value();

    /** Makes the seeds. */
    final class Source implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            Long only = Long.getLong("micado.seed");
            int many = context.getRequiredTestMethod()
                    .getAnnotation(ForSeeds.class)
                    .value();
            LongStream seeds = only == null ? LongStream.rangeClosed(1, many) : LongStream.of(only);
            return seeds.mapToObj(Arguments::of);
        }
    }
}

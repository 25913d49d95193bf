package dev.heartbeat;

import dev.heartbeat.testkit.ClockOrigins;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/** Clock origins for properties. */
final class Origins implements ArbitrarySupplier<Long> {
    @Override
    public Arbitrary<Long> get() {
        return Arbitraries.of(Arrays.stream(ClockOrigins.all()).boxed().toList());
    }
}

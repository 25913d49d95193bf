package dev.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesTableTest {
    private static final int REMEMBERED = 8;

    private final RulesTable table = new RulesTable();

    private static HeartbeatPolicy policy() {
        return HeartbeatPolicy.builder().build();
    }

    @Test
    void of_samePolicy_isTheSameNumber() {
        HeartbeatPolicy policy = policy();
        int number = table.of(policy);
        assertEquals(number, table.of(policy));
        assertSame(policy, table.get(number).policy);
        assertNotEquals(number, table.of(policy()));
    }

    @Test
    void of_policiesThatNobodyKeeps_useTheirNumbersAgain() {
        int most = 0;
        for (int i = 0; i < 1_000; i++) {
            most = Math.max(most, table.of(policy()));
        }
        assertTrue(most <= REMEMBERED, "numbers up to " + most);
    }

    @Test
    void retain_manyOthersCome_staysTheSame() {
        HeartbeatPolicy policy = policy();
        int number = table.of(policy);
        table.retain(number);
        for (int i = 0; i < 10 * REMEMBERED; i++) {
            assertNotEquals(number, table.of(policy()));
        }
        assertSame(policy, table.get(number).policy);
        table.release(number);
        List<Integer> next = new ArrayList<>();
        for (int i = 0; i <= REMEMBERED; i++) {
            next.add(table.of(policy()));
        }
        assertTrue(next.contains(number), "given out again: " + next);
    }

    @Test
    void of_aPolicyEach_growsAndShrinks() {
        int connections = 1_000;
        List<Integer> numbers = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < connections; i++) {
                int number = table.of(policy());
                table.retain(number);
                numbers.add(number);
            }
            assertEquals(connections, numbers.stream().distinct().count());
            assertTrue(numbers.stream().allMatch(number -> number < connections + REMEMBERED), "numbers run away");
            numbers.forEach(table::release);
            numbers.clear();
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void of_null_isRefused() {
        assertThrows(NullPointerException.class, () -> table.of(null));
    }
}

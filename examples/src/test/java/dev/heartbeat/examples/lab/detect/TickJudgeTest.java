package dev.heartbeat.examples.lab.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TickJudgeTest {
    private static TickJudge judge(int k, int n) {
        TickJudge judge = new TickJudge(k, n, 1);
        judge.begin(new Trace("t", 100, new long[] {0}, new int[0], new long[0], 0));
        return judge;
    }

    @Test
    void threeMisses_inARow_endWithTheThirdEmptyTick() {
        TickJudge judge = judge(3, 3);
        assertEquals(500, judge.suspectAtNs(0, 110));
        assertEquals(500, judge.suspectAtNs(1, 199));
        assertEquals(600, judge.suspectAtNs(2, 200));
    }

    @Test
    void threeOfFive_countsMissesBefore() {
        TickJudge judge = judge(3, 5);
        assertEquals(400, judge.suspectAtNs(0, 10));
        assertEquals(500, judge.suspectAtNs(1, 310)); // ticks 2 and 3 were missed, 4 was not, 5 is the third
    }
}

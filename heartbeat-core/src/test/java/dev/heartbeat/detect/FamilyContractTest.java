package dev.heartbeat.detect;

import dev.heartbeat.testkit.FailureDetectorContract;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** Every built-in detector keeps the contract that it asks of others. */
class FamilyContractTest {
    @Nested
    class ConsecutiveMissesTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.consecutiveMisses(3);
        }
    }

    @Nested
    class MissesOfLastTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.missesOfLast(3, 5);
        }
    }

    @Nested
    class ScoreTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.score().build();
        }
    }

    @Nested
    class FixedSilenceTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.silence(Duration.ofSeconds(3));
        }
    }

    @Nested
    class SilenceInIntervalsTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.silence(1.5, 3);
        }
    }

    @Nested
    class ChenTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.chen(1, 3);
        }
    }

    @Nested
    class ChenFixedMarginTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.chen(Duration.ofSeconds(1), Duration.ofSeconds(2), 1);
        }
    }

    @Nested
    class TwoWindowsTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.twoWindows(1, 3, 4, 100);
        }
    }

    @Nested
    class BertierTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.bertier(4, 8);
        }
    }

    @Nested
    class PhiTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.phi(8, 16);
        }
    }

    @Nested
    class PhiUnsuspectedTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.phi()
                    .acceptablePause(1)
                    .learning(Learning.UNSUSPECTED)
                    .build();
        }
    }

    @Nested
    class ExponentialTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.exponential(4, 8);
        }
    }

    @Nested
    class AdaptiveTest extends FailureDetectorContract {
        @Override
        protected FailureDetector detector() {
            return FailureDetectors.adaptive(4, 8);
        }
    }
}

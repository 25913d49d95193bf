package dev.heartbeat.arch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import dev.heartbeat.internal.Checks;
import dev.heartbeat.time.NanoClock;
import java.io.IOException;
import java.net.URL;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may import whom. A new arrow between two rooms is a decision: it is made here, in {@link #ARROWS}. */
class RoomsTest {

    private static final String BASE = "dev.heartbeat";

    /** Room to the rooms it may import. Names are relative to the base package, which itself is the front door. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("", Set.of("detect", "interval", "wheel", "wire", "time", "internal")),
            Map.entry("detect", Set.of("internal")),
            Map.entry("interval", Set.of("internal")),
            Map.entry("interval.nat", Set.of("interval", "wire", "time", "internal")),
            Map.entry("wire", Set.of("internal")),
            Map.entry("reconnect", Set.of("time", "internal")),
            Map.entry("wheel", Set.of()),
            Map.entry("time", Set.of()),
            Map.entry("internal", Set.of()));

    /** The compiled core, without its tests. */
    private static final JavaClasses CORE = new ClassFileImporter().importUrl(home(NanoClock.class));

    @Test
    void core_imported_isFound() {
        assertTrue(CORE.contain(NanoClock.class), "the rules below looked at nothing");
        assertFalse(CORE.contain(RoomsTest.class), "the rules below looked at tests");
    }

    @Test
    void arrows_ofTheCore_areInTheTable() {
        assertEquals(Set.of(), strangersAmong(CORE));
    }

    @Test
    void arrows_inTheTable_goOneWay() {
        for (final String room : ARROWS.keySet()) {
            assertFalse(reachable(room).contains(room), () -> "a cycle through " + name(room));
        }
    }

    @Test
    void arrows_fromARoomThatIsNotInTheTable_areStrangers() {
        final JavaClasses tests = new ClassFileImporter().importClasses(RoomsTest.class);

        assertEquals(Set.of("dev.heartbeat.arch -> dev.heartbeat.time"), strangersAmong(tests));
    }

    @Test
    void core_reachesOut_onlyToTheJdkAndAnnotations() {
        final ArchRule rule = classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(BASE + "..", "java..", "org.jspecify.annotations"));

        rule.check(CORE);
        assertThrows(AssertionError.class, () -> rule.check(offender()));
    }

    @Test
    void core_openingSocketsOrChannels_isNotDone() {
        final ArchRule rule =
                noClasses().should().dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.channels.."));

        rule.check(CORE);
        assertThrows(AssertionError.class, () -> rule.check(offender()));
    }

    @Test
    void api_mentioningInternals_isNotDone() {
        assertEquals(Set.of(), internalsShownBy(CORE));
        assertEquals(
                Set.of("dev.heartbeat.arch.RoomsTest$Leak.leak()"),
                internalsShownBy(new ClassFileImporter().importClasses(Leak.class)));
    }

    @Test
    void wallClock_inTheCore_isNotRead() {
        assertReadsNoWallClock(
                noClasses().that(not(resideInAPackage(BASE + ".interval.nat"))).should(), "Duration");
        // What is stored there outlives the process and is dated. The clock is passed in.
        assertReadsNoWallClock(noClasses().should(), "Duration", "Clock");
    }

    private static void assertReadsNoWallClock(final ClassesShould noClassesShould, final String... allowed) {
        final List<String> types = new ArrayList<>(List.of(allowed));
        types.add("DateTimeException");
        final ArchRule rule = noClassesShould
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat(resideInAPackage("java.time").and(not(isOneOf(types.toArray(String[]::new)))));

        rule.check(CORE);
        assertThrows(AssertionError.class, () -> rule.check(offender()));
    }

    @Test
    void nanoTime_outsideTheClockSeam_isNotRead() {
        final ArchRule rule =
                noClasses().that(not(resideInAPackage(BASE + ".time"))).should().callMethod(System.class, "nanoTime");

        rule.check(CORE);
        assertThrows(AssertionError.class, () -> rule.check(offender()));
    }

    /** Does everything that the core must not, so that each rule is seen to fail. */
    private static final class Offender {
        @SuppressWarnings("unused")
        static void offend() throws IOException {
            assertTrue(System.nanoTime() != System.currentTimeMillis());
            Selector.open().close();
        }
    }

    /** Shows users a type that is not exported. */
    public static final class Leak {
        /** Shows it. */
        public @Nullable Checks leak() {
            return null;
        }
    }

    private static Set<String> internalsShownBy(final JavaClasses classes) {
        final Set<String> members = new TreeSet<>();
        for (final JavaClass type : classes) {
            if (!type.getModifiers().contains(JavaModifier.PUBLIC) || isInternal(type)) {
                continue;
            }
            for (final JavaMember member : type.getMembers()) {
                final boolean shown = member.getModifiers().contains(JavaModifier.PUBLIC)
                        || member.getModifiers().contains(JavaModifier.PROTECTED);
                if (shown && member.getAllInvolvedRawTypes().stream().anyMatch(RoomsTest::isInternal)) {
                    members.add(member.getFullName());
                }
            }
        }
        return members;
    }

    private static boolean isInternal(final JavaClass type) {
        return type.getPackageName().equals(BASE + ".internal");
    }

    private static JavaClasses offender() {
        return new ClassFileImporter().importClasses(Offender.class);
    }

    private static DescribedPredicate<JavaClass> isOneOf(final String... simpleNames) {
        return DescribedPredicate.describe(
                "is one of " + List.of(simpleNames),
                type -> List.of(simpleNames).contains(type.getSimpleName()));
    }

    private static Set<String> strangersAmong(final JavaClasses classes) {
        final Set<String> strangers = new TreeSet<>();
        for (final JavaClass type : classes) {
            for (final Dependency arrow : type.getDirectDependenciesFromSelf()) {
                final String from = type.getPackageName();
                final String to = arrow.getTargetClass().getBaseComponentType().getPackageName();
                if (isOurs(to) && !from.equals(to) && !allowed(from).contains(room(to))) {
                    strangers.add(from + " -> " + to);
                }
            }
        }
        return strangers;
    }

    private static Set<String> allowed(final String fromPackage) {
        return ARROWS.getOrDefault(room(fromPackage), Set.of());
    }

    private static Set<String> reachable(final String start) {
        final Set<String> seen = new HashSet<>();
        final List<String> open = new ArrayList<>(ARROWS.getOrDefault(start, Set.of()));
        while (!open.isEmpty()) {
            final String next = open.remove(open.size() - 1);
            if (seen.add(next)) {
                open.addAll(ARROWS.getOrDefault(next, Set.of()));
            }
        }
        return seen;
    }

    private static boolean isOurs(final String packageName) {
        return packageName.equals(BASE) || packageName.startsWith(BASE + ".");
    }

    private static String room(final String packageName) {
        return packageName.equals(BASE) ? "" : packageName.substring(BASE.length() + 1);
    }

    private static String name(final String room) {
        return room.isEmpty() ? BASE : BASE + "." + room;
    }

    private static URL home(final Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}

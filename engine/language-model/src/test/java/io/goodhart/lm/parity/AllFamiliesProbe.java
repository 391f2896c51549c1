package io.goodhart.lm.parity;

import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;

public class AllFamiliesProbe {
    @org.junit.jupiter.api.Test
    void x() throws Exception {
        ComputeThread.prepare(1);
        for (var p :
                java.nio.file.Files.list(Fixtures.path("lm/small")).sorted().toList()) {
            try {
                var r = Parity.of(p, p);
                System.out.println(p.getFileName() + " " + r.family() + " " + r.noiseFloor() + " within=" + r.within()
                        + " unread=" + r.unread() + " worst="
                        + r.rows().stream()
                                .max(java.util.Comparator.comparingDouble(ParityRow::ratio))
                                .get());
                if (!r.within()) r.rows().stream().filter(x -> !x.within()).forEach(System.out::println);
            } catch (Exception e) {
                System.out.println(p + " " + e);
            }
        }
    }
}

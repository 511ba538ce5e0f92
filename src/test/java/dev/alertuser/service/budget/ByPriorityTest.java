package dev.alertuser.service.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByPriorityTest {

    @Test
    void holdsTheValueOfEachPriority() {
        assertThat(ByPriority.of(Priority::name)).isEqualTo(new ByPriority<>("INTERACTIVE", "BACKLOG"));
    }
}

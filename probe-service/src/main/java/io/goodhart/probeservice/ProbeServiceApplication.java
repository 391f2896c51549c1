package io.goodhart.probeservice;

import io.goodhart.db.DbConfiguration;
import java.net.InetAddress;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.Environment;

/** The probe service by itself. Its defaults lie beneath everything else that is configured: it listens on the loopback interface only. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({DbConfiguration.class, ProbeServiceConfiguration.class})
@PropertySource("classpath:io/goodhart/probeservice/defaults.properties")
public class ProbeServiceApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(ProbeServiceApplication.class, arguments);
    }

    /** Made before the server opens its port. */
    @Bean
    LoopbackOnly loopbackOnly(Environment environment) {
        return new LoopbackOnly(Binder.get(environment)
                .bind("server.address", InetAddress.class)
                .orElse(null));
    }
}

package io.goodhart.api;

import io.goodhart.db.DbConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The database, found by scanning so that tests of one controller do without it. */
@Configuration(proxyBeanMethods = false)
@Import(DbConfiguration.class)
class PersistenceConfiguration {}

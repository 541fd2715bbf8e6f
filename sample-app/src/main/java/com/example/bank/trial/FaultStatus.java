package com.example.bank.trial;

import org.jspecify.annotations.Nullable;

/**
 * Whether something is broken at the moment.
 *
 * @param kind what
 * @param inForce whether it is
 * @param progress how far it is, for people, {@code null} if it isn't broken
 * @param unavailable why it can't be broken now, {@code null} if it can
 */
public record FaultStatus(FaultKind kind, boolean inForce, @Nullable String progress, @Nullable String unavailable) {

}

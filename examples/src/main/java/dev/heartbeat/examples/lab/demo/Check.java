package dev.heartbeat.examples.lab.demo;

/**
 * One promise, and whether it held.
 *
 * @param promise in words
 * @param held whether it did
 * @param evidence the numbers
 */
record Check(String promise, boolean held, String evidence) {}

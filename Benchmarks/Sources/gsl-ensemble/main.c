// The final states of 10,000 trajectories by GSL's rk8pd, one by one on two threads: a whole process, as a C programmer would
// write it. Prints nothing but a sum, so that nothing is left out.

#include "CPeers.h"
#include <math.h>
#include <pthread.h>
#include <stdio.h>

enum { SIDE = 100, COUNT = SIDE * SIDE, BLOCK = 500 };

static double rewards[COUNT], log_prices[COUNT], states[4 * COUNT];

static void *work(void *first) {
    for (int block = *(int *)first; block < COUNT / BLOCK; block += 2) {
        const int start = block * BLOCK;
        if (peer_logit_paths(rewards + start, log_prices + start, BLOCK, 20, 1e-8, 1e-10, states + 4 * start)) return first;
    }
    return NULL;
}

int main(void) {
    for (int i = 0; i < COUNT; i++) {
        rewards[i] = 0.5 + 0.6 * (i % SIDE) / (SIDE - 1);
        log_prices[i] = log(0.3 + 2.2 * (i / SIDE) / (SIDE - 1));
    }
    int firsts[] = {0, 1};
    pthread_t other;
    if (pthread_create(&other, NULL, work, &firsts[1])) return 1;
    void *failure = work(&firsts[0]), *other_failure = NULL;
    pthread_join(other, &other_failure);
    double sum = 0;
    for (int i = 0; i < 4 * COUNT; i++) sum += states[i];
    printf("%.17g\n", sum);
    return failure || other_failure;
}

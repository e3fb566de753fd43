"""The stationary law of Fermi imitation with frozen payoffs, by EGTtools: fermi_law.py HOLDERS BETA MU PAYOFF PAYOFF PAYOFF

A line a state: the three counts and the probability. EGTtools' process in discrete time draws a holder, who with the
probability mu takes one of the other two roles, and else imitates another holder, not himself, by Fermi's rule: one step in
1/N of the time of a chain with the rates (1 - mu) n_j/(N - 1) F(beta(p_j - p_i)) + mu/2.
"""
import sys

import egttools
import numpy as np
from egttools.analytical import PairwiseComparison
from egttools.games import Matrix2PlayerGameHolder

holders, beta, mu = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
payoffs = [float(word) for word in sys.argv[4:7]]
# A game whose payoffs depend on one's own role alone.
game = Matrix2PlayerGameHolder(3, np.array([[payoff] * 3 for payoff in payoffs]))
transitions = PairwiseComparison(holders, game).calculate_transition_matrix(beta, mu).toarray()
count = len(transitions)
equations = transitions.T - np.eye(count)
equations[-1] = 1
law = np.linalg.solve(equations, np.append(np.zeros(count - 1), 1))
for index, probability in enumerate(law):
    print(*(int(n) for n in egttools.sample_simplex(index, holders, 3)), repr(float(probability)))

#!/usr/bin/env python3
"""Prints the tables of Sobol sequences (needs scipy; for the second table also GSL's library).

  sobol-references.py directions    the lines of Sources/NumericalMethods/Random/JoeKuoDirectionNumbers.swift
  sobol-references.py scipy         index, dimension, coordinate · 2³² of scipy.stats.qmc.Sobol(scramble=False)
  sobol-references.py gsl           index, dimension, coordinate · 2³² of gsl_qrng_sobol, whose first point is ours of index 1
"""

import ctypes
import os
import sys

import numpy as np
import scipy
from scipy.stats import qmc

DIMENSIONS = 128


def directions():
    file = os.path.join(os.path.dirname(scipy.__file__), "stats", "_sobol_direction_numbers.npz")
    data = np.load(file)
    for j in range(1, DIMENSIONS):
        polynomial = int(data["poly"][j])
        degree = polynomial.bit_length() - 1
        inner = (polynomial >> 1) & ((1 << (degree - 1)) - 1)
        print(degree, inner, *(int(m) for m in data["vinit"][j][:degree]))


def scipy_points():
    for index in [0, 1, 2, 3, 4, 5, 6, 7, 100, 1023, 1024, 65535, 123456, 1 << 20, (1 << 30) + 12345]:
        sequence = qmc.Sobol(DIMENSIONS, scramble=False, bits=32)
        sequence.fast_forward(index) if index else None
        point = sequence.random(1)[0]
        for dimension in [0, 1, 2, 3, 5, 8, 13, 20, 39, 40, 77, 126, 127]:
            print(index, dimension, int(point[dimension] * 2**32))


def gsl_points():
    gsl = ctypes.CDLL("libgsl.so.27")
    gsl.gsl_qrng_alloc.restype = ctypes.c_void_p
    gsl.gsl_qrng_get.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    generator = gsl.gsl_qrng_alloc(ctypes.c_void_p.in_dll(gsl, "gsl_qrng_sobol"), 2)
    point = (ctypes.c_double * 2)()
    for index in range(1, 3001):
        gsl.gsl_qrng_get(generator, point)
        if index < 9 or index % 500 == 0:
            for dimension in range(2):
                print(index, dimension, int(point[dimension] * 2**32))


{"directions": directions, "scipy": scipy_points, "gsl": gsl_points}[sys.argv[1]]()

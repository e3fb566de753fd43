#!/usr/bin/env python3
"""Prints Sources/CNumberFormat/PowersOfTen.h: 128 bits of the powers of ten that ShortestDecimal.cpp needs.

g(k) = ceil(10^k * 2^(127 - floor(log2 10^k))), so that 2^127 <= g < 2^128. Exact: rational arithmetic.
"""
from fractions import Fraction
from math import ceil

LOW, HIGH = -30, 50
print("// Printed by scripts/powers-of-ten.py: g(k) = ceil(10^k 2^(127 - floor(log2 10^k))), high and low 64 bits.")
print("#include <cstdint>\n")
print(f"static const int lowest_power = {LOW}, highest_power = {HIGH};")
print(f"static const uint64_t powers_of_ten[{HIGH - LOW + 1}][2] = {{")
for k in range(LOW, HIGH + 1):
    power = Fraction(10) ** k
    binary = 0
    while power >= Fraction(2) ** (binary + 1):
        binary += 1
    while power < Fraction(2) ** binary:
        binary -= 1
    g = ceil(power * Fraction(2) ** (127 - binary))
    assert 2**127 <= g < 2**128 and binary == k * 1741647 >> 19
    print(f"    {{0x{g >> 64:016x}, 0x{g & 2**64 - 1:016x}}}, // 1e{k}")
print("};")

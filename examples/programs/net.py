"""The gradient of net.model in plain Python: one point a line in, one answer a line out."""

import json
import math
import sys


def product(A, B):
    return [[sum(a * b for a, b in zip(row, column)) for column in zip(*B)] for row in A]


def transpose(A):
    return [list(column) for column in zip(*A)]


def gradient(X, T, W1, b1, W2, b2):
    Z1 = [[z + b for z, b in zip(row, b1)] for row in product(X, W1)]
    A1 = [[1 / (1 + math.exp(-z)) for z in row] for row in Z1]
    Y = [[y + b for y, b in zip(row, b2)] for row in product(A1, W2)]

    dY = [[(y - t) / len(X) for y, t in zip(*rows)] for rows in zip(Y, T)]
    dA1 = product(dY, transpose(W2))
    dZ1 = [[da * a * (1 - a) for da, a in zip(*rows)] for rows in zip(dA1, A1)]
    return {
        "W1": product(transpose(X), dZ1),
        "b1": [sum(column) for column in zip(*dZ1)],
        "W2": product(transpose(A1), dY),
        "b2": [sum(column) for column in zip(*dY)],
    }


for line in sys.stdin:
    print(json.dumps(gradient(**json.loads(line))), flush=True)

"""The gradient of net.model in NumPy, with a mistake in one line."""

import json
import sys

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


for line in sys.stdin:
    point = {name: np.array(value) for name, value in json.loads(line).items()}
    X, T, W1, b1, W2, b2 = (point[name] for name in ["X", "T", "W1", "b1", "W2", "b2"])

    Z1 = X @ W1 + b1
    A1 = sigmoid(Z1)
    Y = A1 @ W2 + b2

    dY = (Y - T) / len(X)
    dW2 = A1.T @ dY
    db2 = dY.sum(axis=0)
    dZ1 = (dY @ W2.T) * sigmoid_prime(A1)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)

    answer = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    print(json.dumps({name: d.tolist() for name, d in answer.items()}), flush=True)

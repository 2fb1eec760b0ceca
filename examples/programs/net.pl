#!/usr/bin/env perl
# The gradient of net.model in Perl. It answers one point and ends: each point gets a run of its own.
use strict;
use warnings;
use JSON::PP;
use List::Util qw(sum);

my %p = %{ decode_json(scalar <STDIN>) };
my ($X, $T, $W1, $b1, $W2, $b2) = @p{qw(X T W1 b1 W2 b2)};
my @examples = 0 .. $#$X;
my @hidden   = 0 .. $#$b1;
my @outputs  = 0 .. $#$b2;
my @inputs   = 0 .. $#$W1;

my (@A1, @dY, @dZ1);
for my $n (@examples) {
    for my $h (@hidden) {
        my $z = $b1->[$h] + sum(map { $X->[$n][$_] * $W1->[$_][$h] } @inputs);
        $A1[$n][$h] = 1 / (1 + exp(-$z));
    }
    for my $o (@outputs) {
        my $y = $b2->[$o] + sum(map { $A1[$n][$_] * $W2->[$_][$o] } @hidden);
        $dY[$n][$o] = ($y - $T->[$n][$o]) / @examples;
    }
    for my $h (@hidden) {
        my $dA = sum(map { $dY[$n][$_] * $W2->[$h][$_] } @outputs);
        $dZ1[$n][$h] = $dA * $A1[$n][$h] * (1 - $A1[$n][$h]);
    }
}

# Aᵀ B
sub product {
    my ($A, $B) = @_;
    my @C;
    for my $i (0 .. $#{ $A->[0] }) {
        for my $j (0 .. $#{ $B->[0] }) {
            $C[$i][$j] = sum(map { $A->[$_][$i] * $B->[$_][$j] } @examples);
        }
    }
    return \@C;
}

sub over_examples {
    my ($A) = @_;
    return [map { my $j = $_; sum(map { $A->[$_][$j] } @examples) } 0 .. $#{ $A->[0] }];
}

print JSON::PP->new->canonical->encode({
    W1 => product($X, \@dZ1),
    b1 => over_examples(\@dZ1),
    W2 => product(\@A1, \@dY),
    b2 => over_examples(\@dY),
}), "\n";

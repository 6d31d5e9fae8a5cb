using Alcor.Kernel.Resources;

namespace Alcor.Kernel.Tests;

public sealed class NumberSetTests
{
    [Fact]
    public void A_generated_set_answers_as_a_plain_one_does()
    {
        var random = Seed.For(nameof(A_generated_set_answers_as_a_plain_one_does));
        var set = NumberSet.Empty;
        var plain = new HashSet<int>();
        for (var step = 0; step < 5_000; step++)
        {
            var number = random.Next(64);
            var add = random.Next(2) == 0;
            set = add ? set.Add((UInt128)number) : set.Remove((UInt128)number);
            _ = add ? plain.Add(number) : plain.Remove(number);
            var (first, last) = (random.Next(64), random.Next(64));
            var expected = Enumerable.Range(0, 64).Where(n => n >= first && n <= last && !plain.Contains(n));
            Assert.Equal(plain.Contains(first), set.Contains((UInt128)first));
            Assert.Equal(
                expected.Select(n => (UInt128?)(UInt128)n).FirstOrDefault(),
                set.FirstAbsent((UInt128)first, (UInt128)last));
        }
    }

    [Fact]
    public void Numbers_taken_in_a_row_are_one_run()
    {
        var set = NumberSet.Empty;
        for (UInt128 number = 10; number < 1_000; number++)
            set = set.Add(number);
        Assert.Equal(1, set.RunCount);
        Assert.Equal(2, set.Remove(500).RunCount);
        Assert.Equal(0, NumberSet.Empty.Add(5).Remove(5).RunCount);
    }

    [Fact]
    public void The_ends_of_the_number_line_are_numbers_too()
    {
        var set = NumberSet.Empty.Add(UInt128.MaxValue).Add(0);
        Assert.True(set.Contains(UInt128.MaxValue) && set.Contains(0));
        Assert.Null(set.FirstAbsent(UInt128.MaxValue, UInt128.MaxValue));
        Assert.Equal(UInt128.One, set.FirstAbsent(0, UInt128.MaxValue));
    }
}

using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Kernel.Tests;

public sealed class BlockSetTests
{
    [Theory]
    [InlineData("10.11.0.0/16 10.10.0.0/16", "", "10.10.0.0/15")]
    [InlineData("10.0.0.0/8 10.5.0.0/16", "", "10.0.0.0/8")]
    [InlineData("10.0.0.0/30", "10.0.0.1/32", "10.0.0.0/32 10.0.0.2/31")]
    [InlineData("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")]
    [InlineData("::/0", "::/1", "8000::/1")]
    [InlineData("::/0", "", "::/0")]
    [InlineData("255.255.255.255/32 0.0.0.0/32", "", "0.0.0.0/32 255.255.255.255/32")]
    [InlineData("10.0.0.0/24", "10.0.0.0/16", "")]
    public void Blocks_are_put_together_and_taken_apart(string blocks, string without, string expected) =>
        Assert.Equal(expected, string.Join(' ', Of(blocks).Except(Of(without)).Blocks));

    [Fact]
    public void What_is_cut_away_is_not_in_the_rest_and_all_else_is()
    {
        var random = Seed.For(nameof(What_is_cut_away_is_not_in_the_rest_and_all_else_is));
        for (var round = 0; round < 200; round++)
        {
            var whole = Any(random);
            var cut = Any(random);
            var rest = BlockSet.Of(whole).Except(BlockSet.Of(cut));
            for (var number = 0; number < 256; number++)
            {
                var address = new IPNetwork(IPAddress.Parse($"10.0.0.{number}"), 32);
                var expected = whole.Any(block => block.Overlaps(address)) && !cut.Any(b => b.Overlaps(address));
                Assert.Equal(expected, rest.Contains(address));
                Assert.Equal(expected, rest.Overlaps(address));
            }
            Assert.Equal(rest.Blocks, BlockSet.Of(rest.Blocks).Blocks);
        }
    }

    private static List<IPNetwork> Any(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
            IPAddress.Parse($"10.0.0.{random.Next(256)}").BlockAround(random.Next(25, 33)))];

    private static BlockSet Of(string blocks) =>
        BlockSet.Of(blocks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(block => IPNetwork.Parse(block)));
}

using System.Net;
using System.Net.Sockets;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Store;

namespace Alcor.Kernel.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("fa:16:3e:00:00:01", "fa:16:3e:00:00:01")]
    [InlineData("FA-16-3E-AB-CD-EF", "fa:16:3e:ab:cd:ef")]
    public void Mac_addresses_are_read_and_written(string text, string expected) =>
        Assert.Equal(expected, MacAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("fa:16:3e:00:00")]
    [InlineData("fa:16:3e:00:00:0g")]
    [InlineData("fa:16-3e:00:00:01")]
    [InlineData("fa16:3e:00:00:001")]
    [InlineData("+a:16:3e:00:00:01")]
    public void What_is_no_mac_address_is_refused(string text) => Assert.False(MacAddress.TryParse(text, out _));

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.0", "10.0.0.255")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    [InlineData("10.1.2.3/32", "10.1.2.3", "10.1.2.3")]
    [InlineData("fd00::/64", "fd00::", "fd00::ffff:ffff:ffff:ffff")]
    [InlineData("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void The_ends_of_a_block_are_numbers(string cidr, string first, string last)
    {
        var network = IPNetwork.Parse(cidr);
        var family = network.BaseAddress.AddressFamily;
        Assert.Equal(IPAddress.Parse(first), network.FirstNumber().ToAddress(family));
        Assert.Equal(IPAddress.Parse(last), network.LastNumber().ToAddress(family));
    }

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.128/25", true)]
    [InlineData("10.0.0.0/24", "10.0.1.0/24", false)]
    [InlineData("10.0.0.0/8", "10.255.255.255/32", true)]
    [InlineData("0.0.0.0/8", "::/8", false)]
    public void Blocks_overlap_either_way_round(string left, string right, bool expected)
    {
        Assert.Equal(expected, IPNetwork.Parse(left).Overlaps(IPNetwork.Parse(right)));
        Assert.Equal(expected, IPNetwork.Parse(right).Overlaps(IPNetwork.Parse(left)));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("2001:DB8:0:0::1", "2001:db8::1")]
    [InlineData("10.1", null)]
    [InlineData("10.0.0.01", null)]
    [InlineData("0x0a000001", null)]
    [InlineData("[::1]", null)]
    [InlineData("fe80::1%eth0", null)]
    [InlineData("::1/64", null)]
    [InlineData(" ::1", null)]
    [InlineData("", null)]
    public void Addresses_are_read_in_few_forms_and_written_in_one(string text, string? expected) =>
        Assert.Equal(expected, AddressText.TryParse(text, out var address) ? address.ToString() : null);

    [Theory]
    [InlineData("10.0.0.77/24", "10.0.0.0/24")]
    [InlineData("10.0.0.77", "10.0.0.77/32")]
    [InlineData("2001:DB8::77/64", "2001:db8::/64")]
    [InlineData("fd00::1", "fd00::1/128")]
    [InlineData("::1/0", "::/0")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("fd00::/129", null)]
    [InlineData("10.0.0.0/", null)]
    [InlineData("10.0.0.0/-1", null)]
    [InlineData("10.0.0.0/24/24", null)]
    public void Host_bits_of_blocks_are_cleared(string text, string? expected) =>
        Assert.Equal(expected, AddressText.TryParseBlock(text, out var block) ? block.ToString() : null);

    [Theory]
    [InlineData("fd00::/64", "fa:16:3e:12:34:56", "fd00::f816:3eff:fe12:3456")]
    [InlineData("2001:db8:1:2::/64", "00:00:00:00:00:01", "2001:db8:1:2:200:ff:fe00:1")]
    public void An_interface_address_is_made_of_the_prefix_and_the_mac(string prefix, string mac, string expected) =>
        Assert.Equal(expected, IPNetwork.Parse(prefix).InterfaceAddress(MacAddress.Parse(mac)).ToString());

    [Fact]
    public void Claims_of_one_space_sort_as_their_numbers_do()
    {
        var numbers = new UInt128[] { 0, 9, 10, 255, 256, uint.MaxValue };
        var keys = numbers.Select(number => new Claim("ip/s", number).ToString()).ToList();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public void An_address_is_the_number_that_its_bytes_spell()
    {
        Assert.Equal((UInt128)0x0a000001, IPAddress.Parse("10.0.0.1").ToNumber());
        Assert.Equal(IPAddress.Broadcast, ((UInt128)uint.MaxValue).ToAddress(AddressFamily.InterNetwork));
    }

    [Theory]
    [InlineData("network/a", true)]
    [InlineData("host/a/b", true)]
    [InlineData("network", false)]
    [InlineData("/a", false)]
    [InlineData("network/", false)]
    public void Partitions_are_read_from_text(string text, bool valid)
    {
        if (valid)
            Assert.Equal(text, PartitionKey.Parse(text).ToString());
        else
            Assert.Throws<FormatException>(() => PartitionKey.Parse(text));
    }
}

namespace Alcor.OpenFlow.Tests;

public sealed class MatchTests
{
    [Fact]
    public void The_order_of_building_does_not_matter()
    {
        var one = Match.Empty.InPort(5).EthType(0x0800).Ipv4Dst(Ipv4Address.Parse("10.1.2.3"), 24);
        var other = Match.Empty.Ipv4Dst(Ipv4Address.Parse("10.1.2.99"), 24).EthType(0x0800).InPort(5);
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void A_mask_of_nothing_is_no_demand()
    {
        Assert.Equal(Match.Empty, Match.Empty.Register(2, 0, 0));
        Assert.Equal(Match.Empty, Match.Empty.Ipv4Src(Ipv4Address.Parse("10.0.0.0"), 0));
    }

    [Fact]
    public void Demands_on_parts_of_a_register_join()
    {
        var joined = Match.Empty.Register(1, 0x0a, 0xff).Register(1, 0x0b00, 0xff00);
        Assert.Equal(Match.Empty.Register(1, 0x0b0a, 0xffff), joined);
        Assert.Throws<ArgumentException>(() => joined.Register(1, 0, 1 << 1));
    }

    [Fact]
    public void A_match_on_a_double_extended_register_is_one_on_its_registers()
    {
        var id = UInt128.Parse("00112233445566778899aabbccddeeff", System.Globalization.NumberStyles.HexNumber, null);
        var whole = Match.Empty.DoubleExtendedRegister(2, id);
        Assert.Equal(
            Match.Empty.Register(8, 0x00112233).Register(9, 0x44556677).Register(10, 0x8899aabb)
                .Register(11, 0xccddeeff), whole);
        Assert.Equal(Match.Empty.Register(11, 0xee00, 0xff00), Match.Empty.DoubleExtendedRegister(2, id, 0xff00));
        Assert.Equal(4, Match.Empty.DoubleExtendedRegister(3, 0).Count);
    }

    [Fact]
    public void Containment_needs_every_demand_of_the_wider_match()
    {
        var wide = Match.Empty.EthType(0x0800).Ipv4Dst(Ipv4Address.Parse("10.0.0.0"), 8);
        var narrow = Match.Empty.EthType(0x0800).Ipv4Dst(Ipv4Address.Parse("10.1.0.0"), 16).InPort(1);
        Assert.True(narrow.IsWithin(wide));
        Assert.False(wide.IsWithin(narrow));
        Assert.True(wide.IsWithin(Match.Empty));
    }

    [Fact]
    public void Flows_are_equal_by_value_in_all_parts()
    {
        static Flow Make() => new(1, 2, Match.Empty.InPort(3), new FlowAction.Output(4)) { Cookie = 5 };
        Assert.Equal(Make(), Make());
        Assert.Equal(Make().GetHashCode(), Make().GetHashCode());
        Assert.NotEqual(Make(), Make() with { Cookie = 6 });
        Assert.Equal(Make().Key, (Make() with { Cookie = 6 }).Key);
    }

    [Fact]
    public void Prerequisites_come_before_their_dependents()
    {
        Assert.True(Field.EthType.Ordinal < Field.IpProto.Ordinal);
        Assert.True(Field.IpProto.Ordinal < Field.TcpDst.Ordinal);
        Assert.True(Field.Icmpv6Type.Ordinal < Field.NdTarget.Ordinal);
        Assert.Equal(Enumerable.Range(0, Field.All.Count), Field.All.Select(field => field.Ordinal));
    }

    [Theory]
    [InlineData("fa:16:3e:00:00:01", true)]
    [InlineData("FA:16:3E:00:00:01", true)]
    [InlineData("fa-16-3e-00-00-01", false)]
    [InlineData("fa:16:3e:00:00:0", false)]
    [InlineData("fa:16:3e:00:00:0g", false)]
    public void An_ethernet_address_has_six_groups(string text, bool isAddress)
    {
        Assert.Equal(isAddress, MacAddress.TryParse(text, out var address));
        if (isAddress) Assert.Equal(text, address.ToString(), ignoreCase: true);
    }

    [Fact]
    public void Short_spellings_of_ip_addresses_are_refused()
    {
        Assert.False(Ipv4Address.TryParse("10.1", out _));
        Assert.Equal("10.1.2.3", Ipv4Address.Parse("10.1.2.3").ToString());
        Assert.Equal("fe80::1", Ipv6Address.Parse("fe80:0:0::1").ToString());
    }
}

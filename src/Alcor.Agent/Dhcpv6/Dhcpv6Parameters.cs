using System.Buffers.Binary;
using Alcor.Agent.Dhcp;

namespace Alcor.Agent.Dhcpv6;

/// <summary>What a client is told besides addresses, most important first (RFC 8415, RFC 3646).</summary>
internal static class Dhcpv6Parameters
{
    public static IEnumerable<Dhcpv6Option> All(Dhcpv6Binding binding, Dhcpv6Message request)
    {
        if (request.Type is Dhcpv6MessageType.Confirm or Dhcpv6MessageType.Release or Dhcpv6MessageType.Decline)
            return [];
        var isIpxe = request.Option(Dhcpv6OptionCode.UserClass) is { } named && named.Span.IndexOf("iPXE"u8) >= 0;
        var extra = ExtraOptions.For(binding.Extra, isIpxe);
        return OfSubnets(binding, request).Where(option => !extra.ContainsKey(option.Code))
            .Concat(extra.Where(option => !option.Value.IsEmpty).OrderBy(option => option.Key)
                .Select(option => new Dhcpv6Option(option.Key, option.Value)));
    }

    /// <summary>What the port may be told otherwise.</summary>
    private static IEnumerable<Dhcpv6Option> OfSubnets(Dhcpv6Binding binding, Dhcpv6Message request)
    {
        var wanted = request.Option(Dhcpv6OptionCode.OptionRequest);
        bool Wants(ushort code) => wanted is not { } list || Contains(list.Span, code);
        if (binding.NameServers.Count > 0 && Wants(Dhcpv6OptionCode.NameServers))
            yield return new(Dhcpv6OptionCode.NameServers,
                binding.NameServers.SelectMany(server => server.GetAddressBytes()).ToArray());
        if (binding.Domain.Length > 0 && Wants(Dhcpv6OptionCode.DomainSearch)
            && OptionText.DomainName(binding.Domain) is { } domain)
        {
            yield return new(Dhcpv6OptionCode.DomainSearch, domain);
        }
        if (request.Type == Dhcpv6MessageType.InformationRequest && Wants(Dhcpv6OptionCode.InformationRefreshTime))
            yield return new(Dhcpv6OptionCode.InformationRefreshTime, Seconds(binding.LeaseTime));
    }

    private static bool Contains(ReadOnlySpan<byte> codes, ushort wanted)
    {
        for (; codes.Length >= 2; codes = codes[2..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(codes) == wanted)
                return true;
        }
        return false;
    }

    private static byte[] Seconds(TimeSpan time)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)time.TotalSeconds);
        return bytes;
    }
}

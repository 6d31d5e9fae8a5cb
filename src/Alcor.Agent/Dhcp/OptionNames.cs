using System.Collections.Frozen;
using System.Globalization;
using Known = (ushort Code, Alcor.Agent.Dhcp.OptionForm Form);

namespace Alcor.Agent.Dhcp;

/// <summary>
/// Options by the names that extra_dhcp_opts has for them, which are those of dnsmasq, or by their numbers (IANA).
/// </summary>
internal static class OptionNames
{
    /// <summary>
    /// No option: where the machine finds the next server stands in a field of its own (siaddr, RFC 2131 section 2).
    /// The number is the one that ends all options.
    /// </summary>
    public const ushort NextServer = DhcpOptionCode.End;

    // What a conversation is made of is not a user's to say: addresses, times, identifiers.
    private static readonly FrozenSet<ushort> Ipv4Own =
        new ushort[] { 0, 1, 50, 51, 52, 53, 54, 55, 56, 57, 61, 82, NextServer }.ToFrozenSet();

    private static readonly FrozenSet<ushort> Ipv6Own =
        new ushort[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 19, 20, 25, 26 }.ToFrozenSet();

    private static readonly FrozenDictionary<string, Known> Ipv4 = Table(
        (OptionForm.Addresses,
            "router 3, dns-server 6, log-server 7, lpr-server 9, swap-server 16, policy-filter 21, broadcast 28, "
            + "router-solicitation 32, static-route 33, nis-server 41, ntp-server 42, netbios-ns 44, netbios-dd 45, "
            + "x-windows-fs 48, x-windows-dm 49, nis+-server 65, mobile-ip-home 68, smtp-server 69, pop3-server 70, "
            + "nntp-server 71, irc-server 74, tftp-server-address 150, server-ip-address 255"),
        (OptionForm.Text,
            "hostname 12, domain-name 15, root-path 17, extension-path 18, nis-domain 40, netbios-scope 47, "
            + "vendor-class 60, nis+-domain 64, tftp-server 66, tftp-server-name 66, bootfile-name 67, user-class 77, "
            + "posix-timezone 100, tzdb-timezone 101, wpad 252"),
        (OptionForm.DomainNames, "domain-search 119"),
        (OptionForm.Routes, "classless-static-route 121, microsoft-classless-static-route 249"),
        (OptionForm.Byte,
            "ip-forward-enable 19, non-local-source-routing 20, default-ttl 23, all-subnets-local 27, "
            + "router-discovery 31, trailer-encapsulation 34, ethernet-encap 36, tcp-ttl 37, netbios-nodetype 46"),
        (OptionForm.Word, "boot-file-size 13, max-datagram-reassembly 22, mtu 26, interface-mtu 26, client-arch 93"),
        (OptionForm.DoubleWord, "time-offset 2, arp-timeout 35, tcp-keepalive 38, T1 58, T2 59, ipv6-only 108"),
        (OptionForm.Any, "vendor-encap 43, client-machine-id 97, sip-server 120, vendor-id-encap 125"));

    private static readonly FrozenDictionary<string, Known> Ipv6 = Table(
        (OptionForm.Addresses, "sip-server 22, dns-server 23, nis-server 27, nis+-server 28, sntp-server 31"),
        (OptionForm.DomainNames, "sip-server-domain 21, domain-search 24, nis-domain 29, nis+-domain 30"),
        (OptionForm.Text, "posix-timezone 41, tzdb-timezone 42, bootfile-url 59"),
        (OptionForm.DoubleWord, "information-refresh-time 32"),
        (OptionForm.TimeServers, "ntp-server 56"),
        (OptionForm.Texts, "user-class 15, bootfile-param 60"),
        (OptionForm.Any, "vendor-class 16, vendor-opts 17"));

    private static readonly FrozenDictionary<ushort, OptionForm> Ipv4Forms = Forms(Ipv4);
    private static readonly FrozenDictionary<ushort, OptionForm> Ipv6Forms = Forms(Ipv6);

    /// <summary>What a name or a number means; null: nothing, or nothing that a user may say.</summary>
    public static Known? Find(string name, bool isIpv6)
    {
        if (!ushort.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return (isIpv6 ? Ipv6 : Ipv4).TryGetValue(name, out var known) ? known : null;
        if ((isIpv6 ? Ipv6Own : Ipv4Own).Contains(code) || (!isIpv6 && code > byte.MaxValue))
            return null;
        return (code, (isIpv6 ? Ipv6Forms : Ipv4Forms).GetValueOrDefault(code));
    }

    private static FrozenDictionary<string, Known> Table(params (OptionForm Form, string Names)[] rows) =>
        rows.SelectMany(row => row.Names.Split(", ").Select(one => one.Split(' '))
                .Select(one => (Name: one[0], Code: ushort.Parse(one[1], CultureInfo.InvariantCulture), row.Form)))
            .ToFrozenDictionary(one => one.Name, one => (one.Code, one.Form), StringComparer.Ordinal);

    private static FrozenDictionary<ushort, OptionForm> Forms(FrozenDictionary<string, Known> names) =>
        names.Values.Distinct().ToFrozenDictionary(known => known.Code, known => known.Form);
}

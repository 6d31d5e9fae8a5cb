using System.Globalization;
using System.Net;

namespace Alcor.Lab;

/// <summary>What a DHCP server (RFC 2131, RFC 2132) gave a machine.</summary>
/// <param name="Mtu">Option 26; null when the server did not say.</param>
/// <param name="Options">Everything that udhcpc told its script, by its names ("dns", "staticroutes").</param>
public sealed record DhcpLease(
    IPAddress Address,
    int PrefixLength,
    IPAddress? Router,
    int? Mtu,
    TimeSpan Duration,
    IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Reads the environment of a script of udhcpc, as env(1) prints it.</summary>
    internal static DhcpLease Parse(string environment)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in environment.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = line.Split('=', 2);
            // Capital letters are the shell's variables, lower-case ones are udhcpc's.
            if (pair.Length == 2 && char.IsAsciiLetterLower(pair[0][0]))
                options[pair[0]] = pair[1];
        }

        return new DhcpLease(
            IPAddress.Parse(options["ip"]),
            int.Parse(options.GetValueOrDefault("mask", "32"), CultureInfo.InvariantCulture),
            options.TryGetValue("router", out var router) ? IPAddress.Parse(router.Split(' ')[0]) : null,
            options.TryGetValue("mtu", out var mtu) ? int.Parse(mtu, CultureInfo.InvariantCulture) : null,
            TimeSpan.FromSeconds(int.Parse(options.GetValueOrDefault("lease", "0"), CultureInfo.InvariantCulture)),
            options);
    }
}

/// <summary>Runs udhcpc, an independent client, in a machine.</summary>
internal static class DhcpClient
{
    // Classless routes (option 121) replace the router option (RFC 3442). Names are left alone: /etc/resolv.conf
    // is shared by all namespaces of the machine.
    private const string Script = """
        #!/bin/sh
        case "$1" in
        deconfig)
            ip addr flush dev "$interface" scope global
            ip link set "$interface" up ;;
        bound|renew)
            [ -n "$mtu" ] && ip link set "$interface" mtu "$mtu"
            ip addr replace "$ip/${mask:-32}" dev "$interface"
            if [ -n "$staticroutes" ]; then
                set -- $staticroutes
                while [ $# -ge 2 ]; do
                    if [ "$2" = 0.0.0.0 ]; then ip route replace "$1" dev "$interface"
                    else ip route replace "$1" via "$2" dev "$interface" onlink; fi
                    shift 2
                done
            elif [ -n "$router" ]; then
                ip route replace default via "${router%% *}" dev "$interface" onlink
            fi
            env >"$ALCOR_LEASE.new" && mv "$ALCOR_LEASE.new" "$ALCOR_LEASE" ;;
        esac

        """;

    public static async Task<DhcpLease> RunAsync(
        NetworkNamespace network, string leaseFile, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        var script = leaseFile + ".sh";
        await File.WriteAllTextAsync(script, Script, cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.Delete(leaseFile);
        // One attempt a second for as long as the time limit says; -n ends it without a lease, -q with one.
        var attempts = Math.Max(1, (int)timeLimit.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var command = network.Command("udhcpc", "-i", "eth0", "-f", "-q", "-n", "-t", attempts, "-T", "1", "-A", "1",
            "-O", "mtu", "-O", "staticroutes", "-s", script) with
        {
            TimeLimit = timeLimit + TimeSpan.FromSeconds(5),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ALCOR_LEASE"] = leaseFile },
        };
        try
        {
            await command.OutputAsync(cancellationToken);
            return DhcpLease.Parse(await File.ReadAllTextAsync(leaseFile, cancellationToken));
        }
        finally
        {
            File.Delete(script);
        }
    }
}

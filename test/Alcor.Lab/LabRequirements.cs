using System.Diagnostics;

namespace Alcor.Lab;

/// <summary>Whether this machine can run real Open vSwitch in network namespaces.</summary>
public static class LabRequirements
{
    private static readonly Lazy<string?> Reason = new(Find);

    /// <summary>Null where a lab can run; else one sentence saying why not. Found out once a process.</summary>
    public static string? WhyNot() => Reason.Value;

    /// <summary>The same for a lab with more tools than every lab has.</summary>
    public static string? WhyNot(IEnumerable<string> tools) => WhyNot()
        ?? (tools.Where(tool => !IsInstalled(tool)).ToList() is { Count: > 0 } missing
            ? $"not installed: {string.Join(", ", missing)}"
            : null);

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
            return "a lab needs Linux";
        if (!Environment.IsPrivilegedProcess)
            return "a lab of network namespaces needs root";
        string[] tools = ["ip", "ethtool", "ping", "sysctl", "setsid", "unshare", "udhcpc", "ovsdb-tool",
            "ovsdb-server", "ovs-vswitchd", "ovs-vsctl", "ovs-ofctl", "ovs-appctl"];
        if (tools.Where(tool => !IsInstalled(tool)).ToList() is { Count: > 0 } missing)
            return $"not installed: {string.Join(", ", missing)}";
        if (!File.Exists(SwitchInstance.Schema))
            return $"not installed: {SwitchInstance.Schema}";
        if (!File.Exists("/dev/net/tun"))
            return "there is no /dev/net/tun, which the userspace datapath needs";
        return NamespacesRefused();
    }

    private static string? NamespacesRefused()
    {
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--net", "ip", "link", "set", "lo", "up"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"network namespaces are refused: {error}";
    }

    internal static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, tool)));
}

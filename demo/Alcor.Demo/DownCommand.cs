using Alcor.Lab;

namespace Alcor.Demo;

/// <summary>Removes a demonstration, whole or what a crash left of it.</summary>
internal static class DownCommand
{
    public static async Task<int> RunAsync(string name)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Console.Error.WriteLine("Removing network namespaces needs root.");
            return 2;
        }

        Console.WriteLine(await RemoveAsync(name)
            ? "The demonstration is removed."
            : "There is no demonstration to remove.");
        return 0;
    }

    /// <returns>Whether there was anything.</returns>
    public static async Task<bool> RemoveAsync(string name)
    {
        var options = LabTopologyOptions.Named(name, hosts: 2);
        var state = LabTopology.StateFileOf(options);
        var hadAnything = File.Exists(state) || NetworkNamespace.List(name + "-").Count > 0
            || Directory.Exists(options.Directory);
        // The state file knows the processes outside namespaces; a crash may have come before it was written.
        if (File.Exists(state))
            await LabTopology.RemoveAsync(state);
        await LabTopology.RemoveStaleAsync(name);
        if (Directory.Exists(options.Directory))
            Directory.Delete(options.Directory, recursive: true);
        return hadAnything;
    }
}

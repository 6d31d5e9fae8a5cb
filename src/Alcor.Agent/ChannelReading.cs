using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Alcor.Agent;

internal static class ChannelReading
{
    /// <summary>
    /// As <see cref="ChannelReader{T}.ReadAllAsync"/>, which however goes on wherever it likes: an agent that is
    /// driven by one thread must never leave it.
    /// </summary>
    public static async IAsyncEnumerable<T> ReadInContextAsync<T>(
        this ChannelReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.WaitToReadAsync(cancellationToken))
        {
            while (reader.TryRead(out var item))
                yield return item;
        }
    }
}
